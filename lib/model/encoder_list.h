/* encoder_list.h - every encoder, one line each. */
ENCODER(bert)
