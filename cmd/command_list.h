/* command_list.h - the commands, in the order of the help. To add one: cmd/NAME.c that ends in a
 * `const command command_NAME`, and its line here. */
COMMAND(train)
COMMAND(eval)
COMMAND(score)
COMMAND(encode)
COMMAND(tokenize)
COMMAND(check)
COMMAND(losses)
COMMAND(info)
COMMAND(report)
COMMAND(compare)
COMMAND(completion)
COMMAND(man)
