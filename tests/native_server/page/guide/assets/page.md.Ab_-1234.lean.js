const kept = 2;
