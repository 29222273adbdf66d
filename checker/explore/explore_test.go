package explore_test

import "context"

// tContext is for searches inside properties, which have no context of their own.
var tContext = context.Background()
