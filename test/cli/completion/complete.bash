# Prints what bash makes of the last word of $1, once it has read the script $2.
source "$2"
COMP_WORDS=($1)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_switchyard
echo "${COMPREPLY[@]}"
