mkdir -p dir/sub/deep 'sp ace' build/keep
touch a.log b.txt README.md NOTES.md dir/x.log dir/sub/y.log dir/sub/deep/z.log dir/sub/deep/keep.log 'sp ace/f' '#hash' '!bang' build/a build/keep/b .hidden dir/.hidden
cat >.dockerignore <<'P'
# comment
  *.log  
**/z.log
!dir/sub/deep/keep.log
/build
!build/keep
*.md
!README.md
sp ace/*
\#hash
\!bang
dir/.hid?en
[a-c].txt
P
