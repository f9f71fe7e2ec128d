touch 'a[1]' a1 'star*' star1 'a b.txt' 'a b' 'with space' 'ques?ion' question 'quo"te' 'wi th' 'x*y' xzy
