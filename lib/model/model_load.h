/* model_load.h - the parts of loading a model, one file each. */
#ifndef STS_MODEL_MODEL_LOAD_H
#define STS_MODEL_MODEL_LOAD_H

#include "model/files.h"
#include "model/model.h"
#include "model/model_dir.h"

/* What is known while a directory is being read. */
typedef struct sts_loading {
    sts_model *m;
    sts_model_dir dir;
    const char *folder;        /* of the encoder */
    bool lower, special;       /* for the tokenizer */
    int64_t wanted_length;     /* max_seq_length of sentence_bert_config.json; 0: none */
    int64_t config_positions;  /* max_position_embeddings of config.json; 0: none */
    sts_err *err;
} sts_loading;

/* encoder_load.c: config.json, the encoder's parameters, its weight file opened and matched. */
int sts_load_encoder(sts_loading *l);
/* The same for StaticEmbedding, which has no config.json: its sizes are those of its table. */
int sts_load_static(sts_loading *l);
/* settings.c: sentence_bert_config.json and config_sentence_transformers.json. */
int sts_load_sentence_config(sts_loading *l);
int sts_load_prompts(sts_loading *l);
/* The effective max_seq_length, as sentence-transformers works it out. */
int sts_load_length(sts_loading *l);

#endif
