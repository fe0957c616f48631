# Prints what zsh makes of the last word of $1, once it has read the script $2. It completes only in a terminal: there, the
# line, Tab and Enter are typed, and a function in place of the command prints the word.
setopt extendedglob
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source $2; switchyard() { print -r -- \"<\$@[-1]>\" }"
zpty -w shell "$1"$'\t'
zpty -r shell shown $'*\n<[^$\n]##>*'
print -r -- ${${shown##*$'\n'<}%%>*}
