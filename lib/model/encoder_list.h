/* encoder_list.h - every encoder, one line each. */
ENCODER(bert)
ENCODER(roberta)
ENCODER(mpnet)
ENCODER(distilbert)
ENCODER(electra)
ENCODER(albert)
ENCODER(modernbert)
ENCODER(static)
