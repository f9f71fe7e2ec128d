echo f >f
echo d >'$dollar'
