/* module_list.h - one line a module. */
MODULE(pooling)
MODULE(dense)
MODULE(normalize)
MODULE(layernorm)
MODULE(dropout)
