// The file makes the compiler accept a function without a body: identity.go links it.
