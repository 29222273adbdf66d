package logs

import (
	"fmt"
	"strings"
	"testing"
)

// References that are logged must balance once an object was freed; in which order the last one and
// the end stand is no matter.
func TestReferences(t *testing.T) {
	object := func(thread int, what string) string {
		class := ""
		if what == "NEW" {
			class = " classname=virDomainObj"
		}
		return l("00:01.000", thread, "info", "virObjectRef", "OBJECT_%s: obj=0x7f01%s", what, class)
	}
	for _, tt := range []struct {
		lines string // threads with what they do
		want  string
	}{
		{"1 NEW 1 REF 2 UNREF 1 UNREF 1 DISPOSE", ""},
		{"1 NEW 1 DISPOSE 1 UNREF 1 NEW 1 DISPOSE 1 UNREF", ""},
		{"1 NEW 1 REF", ""},
		{"1 REF 1 UNREF 1 UNREF 1 DISPOSE", ""}, // made before the log began
		{"1 NEW 1 REF 1 UNREF 1 DISPOSE", "1 objects were freed though"},
		{"1 NEW 1 REF 1 UNREF 1 DISPOSE 1 NEW", "1 objects were freed though"},
		{"1 NEW 1 UNREF 1 DISPOSE 2 REF 2 UNREF", "2 lines take or drop a reference to an object that had been freed (the first: a virDomainObj)"},
	} {
		var text strings.Builder
		words := strings.Fields(tt.lines)
		for i := 0; i < len(words); i += 2 {
			var thread int
			if _, err := fmt.Sscan(words[i], &thread); err != nil {
				t.Fatal(err)
			}
			text.WriteString(object(thread, words[i+1]))
		}
		d := read(t, []byte(text.String()))
		notes := notesOf(d)
		if tt.want == "" && strings.Contains(notes, "freed") || !strings.Contains(notes, tt.want) || d.Fault {
			t.Errorf("%s: %q", tt.lines, notes)
		}
	}
}
