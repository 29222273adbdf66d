package search_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"

	"github.com/lockproof/lockproof/model"
	"pgregory.net/rapid"
)

// What a schedule prints reads as the same schedule.
func TestScheduleRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s model.Schedule
		if rapid.Bool().Draw(t, "initial") {
			s = append(s, model.Pick{Thread: -1, Choice: rapid.IntRange(0, 9).Draw(t, "state")})
		}
		for range rapid.IntRange(0, 6).Draw(t, "runs") {
			p := model.Pick{Thread: rapid.IntRange(0, model.MaxThreads-1).Draw(t, "thread"), Choice: rapid.IntRange(0, 3).Draw(t, "choice")}
			s = append(s, slices.Repeat(model.Schedule{p}, rapid.IntRange(1, 12).Draw(t, "times"))...)
		}
		again, err := model.ParseSchedule(s.String())
		if err != nil || !slices.Equal(s, again) {
			t.Fatalf("%v prints as %q and then reads as %v, %v", s, s, again, err)
		}
	})
}

// An error of a pick names the element of the string, however its steps are folded.
func TestPickErrorIn(t *testing.T) {
	text := "0.1,1*3,2,2.4,1*2"
	s, err := model.ParseSchedule(text)
	if err != nil {
		t.Fatal(err)
	}
	wants := []string{
		`"0.1", column 1: x`, `"1*3", column 5): x`, `"1*3", column 5): x`, `"1*3", column 5): x`, `"2", column 9): x`, `"2.4", column 11): x`,
		`"1*2", column 15): x`, `"1*2", column 15): x`,
	}
	for i := range s {
		e := &model.PickError{At: i, Step: i, Err: errors.New("x")}
		if got := e.In(text).Error(); !strings.HasSuffix(got, wants[i]) {
			t.Errorf("pick %d: %s, want %s", i, got, wants[i])
		}
	}
}

// Whatever stands in a schedule: it is read or refused, in bounded work, and followed or refused
// without a panic.
func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{
		"", "1", "1*3,2*4,1,2.1", "0.2,1", "1.0*2", "1,,2", "33", "1*0", "0", "0.1", "0*3", "1,0", "-1", "+1", "1*999999999999", "\u0663", "1.*2", "1*131072,2",
		"1*8,2*3,1",
	} {
		f.Add(s)
	}
	p := library(f, "exit-monitor-order:prose-order-with-rogue")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := model.ParseSchedule(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "schedule, column ") || len(err.Error()) > 1000 {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := model.ParseSchedule(s.String())
		if err != nil || !slices.Equal(s, again) {
			t.Errorf("%q reads as %v, prints as %q and then reads as %v, %v", text, s, s, again, err)
		}
		_, _, err = search.Replay(p, s)
		var bad *model.PickError
		switch {
		case err == nil:
		case !errors.As(err, &bad):
			t.Errorf("%q: %v", text, err)
		case !strings.Contains(bad.In(text).Error(), "column "):
			t.Errorf("%q: %v", text, bad.In(text))
		}
	})
}
