mkdir -p ../extra/sub
echo x >../extra/sub/x
echo no >../extra/no.log
echo '*.log' >../extra/.dockerignore
echo keep >keep.log
