package lazy

import "testing"

func TestNew(t *testing.T) {
	bad := New(`(`) // nothing happens yet
	if r := New(`a(b+)`); !r.MatchString("abb") || r.FindStringSubmatch("xabb")[1] != "bb" {
		t.Error("it does not match")
	}
	defer func() {
		if recover() == nil {
			t.Error("what cannot be compiled matches")
		}
	}()
	bad.MatchString("")
}
