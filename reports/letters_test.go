package reports

import (
	"fmt"
	"testing"
)

func TestLetters(t *testing.T) {
	l := &Letters{letter: map[string]byte{}}
	for _, name := range []string{"driver.lock", "vm1.lock", "vm1.mon.lock", "vm2.lock", "vm2.mon.lock", "vm1.jobActive", "x"} {
		l.add(name)
	}
	if got := l.Legend(); got != "D=driver.lock V=vm1.lock M=vm1.mon.lock 2=vm2.lock O=vm2.mon.lock J=vm1.jobActive X=x" {
		t.Error(got)
	}
	if got := l.Of([]string{"x", "driver.lock"}); got != "DX" {
		t.Error(got)
	}
	for i := range 100 {
		l.add(fmt.Sprint("lock", i))
	}
}
