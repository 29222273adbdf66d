package model

import "testing"

// A schedule is looked at before anybody follows it.
func TestCheckSchedule(t *testing.T) {
	start := func(choice int) Pick { return Pick{Thread: -1, Choice: choice} }
	for name, c := range map[string]struct {
		picks   Schedule
		initial int
		want    string
	}{
		"nothing":                       {nil, 1, ""},
		"both threads":                  {Schedule{{Thread: 0, Choice: 9}, {Thread: 1}}, 1, ""},
		"the last initial state":        {Schedule{start(1), {Thread: 0}}, 2, ""},
		"one initial state too many":    {Schedule{start(2)}, 2, "the schedule begins in initial state 2, and there are 2, from 0"},
		"an initial state where none":   {Schedule{start(0)}, 0, "step 1 of the schedule: threads are counted from 1"},
		"an initial state in between":   {Schedule{{Thread: 0}, start(0)}, 2, "step 2 of the schedule: threads are counted from 1"},
		"a thread too many":             {Schedule{{Thread: 1}, {Thread: 2}}, 1, "step 2 of the schedule: there is no thread 3: the scenario has 2"},
		"a choice before the first":     {Schedule{{Thread: 0, Choice: -1}}, 1, "step 1 of the schedule: ways to go are counted from 0"},
		"a choice above initial states": {Schedule{{Thread: 0, Choice: 5}}, 2, ""},
	} {
		got := ""
		if err := c.picks.Check(2, c.initial); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A pick has bounds, whatever the program.
func TestBoundsOfPicks(t *testing.T) {
	for text, want := range map[string]string{
		"1": "", "0": "", "32": "", "1.0": "", "1.1048576": "", "2*1": "", "2*131072": "",
		"33":        `schedule, column 1: element 1, "33": "33" is not a number from 0 to 32`,
		"1,2.":      `schedule, column 3: element 2, "2.": "" is not a number from 0 to 1048576`,
		"1.1048577": `schedule, column 1: element 1, "1.1048577": "1048577" is not a number from 0 to 1048576`,
		"1*0":       `schedule, column 1: element 1, "1*0": "0" is not a number from 1 to 131072`,
		"0.1,1":     "",
		"1,0":       `schedule, column 3: element 2, "0": thread 0 picks the initial state, so it comes first and once`,
		"0.1*2":     `schedule, column 1: element 1, "0.1*2": thread 0 picks the initial state, so it comes first and once`,
		"1,1*2,+1":  `schedule, column 7: element 3, "+1": "+1" is not a number from 0 to 32`,
	} {
		got := ""
		if _, err := ParseSchedule(text); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
