echo hidden >../key
