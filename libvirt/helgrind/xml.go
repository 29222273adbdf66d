package helgrind

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// mostDepth bounds how deep elements may lie in each other.
const mostDepth = 64

// readXML goes through valgrind's XML: the texts of an error come in the order of the text form,
// each before its stack.
func (p *parser) readXML(ctx context.Context, in io.Reader) (lines int, err error) {
	d := xml.NewDecoder(in)
	d.Strict = false
	var path []string
	var function, file, row string
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		t, err := d.Token()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) {
			return line, nil
		}
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) { // what came before counts: the file may have been cut
			return line, nil
		}
		if err != nil {
			return line, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if path = append(path, t.Name.Local); len(path) > mostDepth {
				return line, fmt.Errorf("line %d: elements lie deeper in each other than %d", line, mostDepth)
			}
			switch t.Name.Local {
			case "frame":
				function, file, row = "", "", ""
			case "error":
				p.current = nil
			case "valgrindoutput":
				p.signs++
			}
		case xml.EndElement:
			if t.Name.Local == "frame" && function != "" {
				if row != "" {
					file += ":" + row
				}
				p.frame(line, function, file)
			}
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			if len(path) == 0 {
				continue
			}
			s := strings.TrimSpace(string(t[:min(len(t), 4096)]))
			switch path[len(path)-1] {
			case "fn":
				function = s
			case "file":
				file = s
			case "line":
				row = s
			case "text", "what", "auxwhat":
				p.text(line, s)
			}
		}
	}
}
