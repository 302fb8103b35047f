package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/**
 * {@code swarm completion}: a script that has a shell ask this program what could come next; see
 * {@link Suggestions}.
 */
final class Completion {
  private static final String BASH =
      """
      # bash completion of swarm: source <(swarm completion bash)
      _swarm() {
        local line="${COMP_LINE:0:$COMP_POINT}" last="${COMP_WORDS[COMP_CWORD]}" words word taken
        read -ra words <<<"$line"
        [[ $line == *[[:space:]] ]] && words+=("")
        word="${words[${#words[@]}-1]}"
        # Bash takes what stands before = or : for words of their own.
        [[ $last == [=:] ]] && last=""
        taken="${word%"$last"}"
        local IFS=$'\\n'
        COMPREPLY=($("${words[0]/#\\~/$HOME}" __complete "${words[@]:1}" 2>/dev/null))
        COMPREPLY=("${COMPREPLY[@]#"$taken"}")
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
        return 0
      }
      complete -o default -F _swarm swarm
      """;

  private static final String ZSH =
      """
      #compdef swarm
      # zsh completion of swarm: source <(swarm completion zsh)
      (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
      _swarm() {
        local -a replies
        replies=("${(@f)$(${~words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
        if [[ -z ${replies[1]} ]]; then
          _files
          return
        fi
        compadd -S '' -- ${(M)replies:#*=}
        compadd -- ${replies:#*=}
      }
      compdef _swarm swarm
      """;

  private static final String FISH =
      """
      # fish completion of swarm: swarm completion fish | source
      function __swarm_complete
        set -l words (commandline -opc) (commandline -ct)
        $words[1] __complete $words[2..-1] 2>/dev/null
      end
      complete -c swarm -f -a '(__swarm_complete)'
      complete -c swarm -n 'test -z "$(__swarm_complete)"' -F
      """;

  private Completion() {}

  static Command command() {
    return Command.of(
        "completion",
        "(bash|zsh|fish)",
        1,
        1,
        "Print a completion script for a shell",
        List.<Flag>of(),
        Completion::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    context.print(
        switch (operands.getFirst()) {
          case "bash" -> BASH;
          case "zsh" -> ZSH;
          case "fish" -> FISH;
          default ->
              throw UsageError.conflict(
                  "unknown shell " + operands.getFirst() + ": use bash, zsh or fish");
        });
    return 0;
  }
}
