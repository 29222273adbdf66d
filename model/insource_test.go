package model

import "testing"

func TestInSource(t *testing.T) {
	for k, text := range inSource {
		if !IsKind(string(k)) || text == "" || text[len(text)-1] != '.' {
			t.Errorf("%s: %q", k, text)
		}
	}
	if InSource(MemoryLeak) != "" {
		t.Error("nobody looks for leaks of memory in source")
	}
}
