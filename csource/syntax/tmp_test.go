package syntax

import (
	"os"
	"testing"
)

func TestTmp(t *testing.T) {
	name := os.Getenv("CF")
	if name == "" {
		t.Skip()
	}
	b, _ := os.ReadFile(name)
	m := Strict
	if os.Getenv("TOL") != "" {
		m = Tolerant
	}
	f, ds := Parse(Source{name, b}, Options{Mode: m})
	Dump(os.Stdout, f)
	for _, d := range ds {
		println(d.String())
	}
}
