# Weights of other programs alone: exit 4, naming them and the way to weights that can be trained.
. "$ROOT/tests/cli/common"
bare() { rm -rf m; cp -RL "$ROOT/tests/golden/variants/base" m; rm m/model.safetensors; }
only() { touch "$1"; rc "$STSFIT" info m; }
bare; mkdir m/onnx; only m/onnx/model.onnx
bare; mkdir m/openvino; only m/openvino/openvino_model.xml
bare; only m/model-Q8_0.gguf
bare; only m/tf_model.h5
bare; only m/flax_model.msgpack
bare; only m/adapter_model.safetensors
bare; mkdir m/2_Dense; only m/2_Dense/model.safetensors
bare; only m/notes.txt
rm -rf m; mkdir m; only m/model.gguf
rc "$STSFIT" encode -m m/model.gguf dev.tsv
