package terminal

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func show(t *testing.T, p *Progress, b *strings.Builder) {
	t.Helper()
	if err := p.Done(func() error { b.WriteString("row\n"); return nil }); err != nil {
		t.Error(err)
	}
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := NewProgress(&b, false, 10*time.Second, 3)
		p.Update("s:a", Searching{States: 1}) // too early
		time.Sleep(10 * time.Second)
		show(t, p, &b)
		p.Update("s:b", Searching{States: 12345, Depth: 7, Frontier: 99, Bytes: 1 << 20, Phase: "search"})
		p.Update("s:c", Searching{}) // too early
		want := `row` + "\n" + `lockproof: done=1 of=3 scenario=s:b phase="search" states=12345 depth=7 frontier=99 bytes=1048576 seconds=10` + "\n"
		if b.String() != want {
			t.Errorf("%q", b.String())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := NewProgress(&b, true, time.Second, 3)
		for range 2 {
			time.Sleep(time.Second)
			p.Update("s:b", Searching{States: 5, Phase: "search"})
		}
		show(t, p, &b)
		show(t, p, &b)
		want := "[0/3] s:b: search, 5 states, depth 0, 0 MB, 1 s\r\x1b[K[0/3] s:b: search, 5 states, depth 0, 0 MB, 2 s\r\x1b[Krow\nrow\n"
		if b.String() != want {
			t.Errorf("%q", b.String())
		}
	})
}
