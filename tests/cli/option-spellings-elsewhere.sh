# The spellings that people bring from other programs are understood, or the message helps.
. "$ROOT/tests/cli/common"
plan() { rc "$STSFIT" train --dry-run train.tsv --dev dev.tsv "$@" 2>&1 | sed -n 's/^plan *//p; s/^loss /&/p; /stsfit:.*--/p; /^exit [^0]/p'; }
plan --learning_rate 1e-3 --num_train_epochs=2 --per_device_train_batch_size 8
plan --lr_scheduler_type constant_with_warmup --warmup_ratio 0.5 --loss cosine
plan --lr_scheduler_type constant_with_warmup
plan --lr_scheduler_type constant
plan --scheduler constant --warmup 3
plan --eval_strategy epoch --evaluation_strategy steps --save_strategy epoch --loss CosineSimilarityLoss
plan --load_best_model_at_end True --metric_for_best_model spearman --bf16 False
plan --load_best_model_at_end --output_dir x --model_name_or_path bag --overwrite_output_dir True
plan --metric pearson --fp16=false --device cpu --loss cosine_similarity
plan --fp16
plan --device cuda
plan --eval-strategy no
plan --train-batch 8
plan --load-best 1
for loss in mse MSELoss nt_xent; do rc "$STSFIT" losses $loss 2>&1; done
plan --load_best_model_at_end=maybe
"$STSFIT" train --train_file train.tsv -q --max-steps 1 -o x --load_best_model_at_end False
grep '"keep"' x/config.json
"$STSFIT" version | cmp - /dev/stdin << END && echo same
$("$STSFIT" --version)
END
# help in 80 columns
for c in $("$STSFIT" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do "$STSFIT" help "$c"; done | awk 'length > 80'
