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
		p.Update(Stage{Scenario: "s:a", Phase: "search"}) // too early
		time.Sleep(10 * time.Second)
		show(t, p, &b)
		p.Update(Stage{"s:b", "search", []Count{{"states", 12345}, {"depth", 7}, {Bytes, 1 << 20}}})
		p.Update(Stage{Scenario: "s:c"}) // too early
		want := `row` + "\n" + `lockproof: done=1 of=3 scenario=s:b phase="search" states=12345 depth=7 bytes=1048576 seconds=10` + "\n"
		if b.String() != want {
			t.Errorf("%q", b.String())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := NewProgress(&b, true, time.Second, 3)
		for range 2 {
			time.Sleep(time.Second)
			p.Update(Stage{"s:b", "search", []Count{{"states", 5}, {Bytes, 3 << 20}}})
		}
		show(t, p, &b)
		show(t, p, &b)
		want := "[0/3] s:b: search, states 5, 3 MB, 1 s\r\x1b[K[0/3] s:b: search, states 5, 3 MB, 2 s\r\x1b[Krow\nrow\n"
		if b.String() != want {
			t.Errorf("%q", b.String())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		p := NewProgress(&b, false, time.Second, 0)
		time.Sleep(time.Second)
		p.Update(Stage{Phase: "calls", Counts: []Count{{"operations", 7}}})
		if want := "lockproof: phase=\"calls\" operations=7 seconds=1\n"; b.String() != want {
			t.Errorf("%q", b.String())
		}
	})
	(*Progress)(nil).Update(Stage{})
}
