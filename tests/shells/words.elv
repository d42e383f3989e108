# The words that Elvish offers for the command line in LINE, into the file WORDS. Completion lives in the editor, which
# wants a terminal: this is the configuration file of an interactive shell.
use str
eval (slurp < completions/jwtctl.elv)
var words = [(str:split ' ' $E:LINE)]
$edit:completion:arg-completer[jwtctl] $@words | each {|word| echo $word[stem] } > $E:WORDS
exit
