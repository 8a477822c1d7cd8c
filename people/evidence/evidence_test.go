package evidence_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/people/evidence"
	"github.com/parley-crm/parley/social"
)

// shown writes what was found in short, in order.
func shown(found []evidence.Found) string {
	var out []string
	for _, f := range found {
		s := f.Kind + " " + f.Value
		if f.Source != "" {
			s += " (" + string(f.Source) + ")"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func TestMail(t *testing.T) {
	tests := []struct {
		name string
		mail evidence.Letter
		want string
	}{
		{"a signature behind two dashes", evidence.Letter{Text: "It leaks.", Below: "-- \nMaya Lind\nHead of Tea\nMobile: +49 170 1234567\nmaya@home.test"}, "email maya@home.test (signature); phone 701234567 (signature)"},
		{"without dashes, behind a greeting", evidence.Letter{Text: "It leaks.\n\nKind regards,\nMaya Lind\n0170 1234567"}, "phone 701234567 (signature)"},
		{"under the author's own name", evidence.Letter{Name: "Maya Lind", Text: "It leaks.\n\nMaya\nT 030 12345678"}, "phone 012345678 (signature)"},
		{"in German", evidence.Letter{Text: "Er tropft.\n\nMit freundlichen Grüßen\nMaya Lind\nTel. (030) 1234 5678 · Fax (030) 1234 5679 · Mobil 0170/1234567"}, "phone 012345678 (signature); phone 701234567 (signature)"},
		{"in Japanese", evidence.Letter{Text: "漏れます。\n\nよろしくお願いいたします。\n佐藤 美咲\n電話：090-1234-5678"}, "phone 012345678 (signature)"},
		{"in Arabic, with its digits", evidence.Letter{Text: "يتسرب الماء\n\nمع تحياتي\nليلى حداد\nجوال: ٠٩٠١٢٣٤٥٦٧٨"}, "phone 012345678 (signature)"},
		{"in Russian", evidence.Letter{Text: "Течёт.\n\nС уважением,\nМайя Линд\nтел. 8 (912) 345-67-89"}, "phone 123456789 (signature)"},
		{"accounts by their words and addresses", evidence.Letter{Text: "Hi", Below: "--\nMaya\nTwitter: @maya_lind\nhttps://pdx.social/@maya\n@maya@tea.example\nhttps://bsky.app/profile/maya.example\nwww.maya-lind.example"},
			"account acct:maya@pdx.social (signature); account acct:maya@tea.example (signature); account bluesky:maya.example (signature); account x:maya_lind (signature); site maya-lind.example (signature)"},
		{"a fax, a switchboard, a desk and a register", evidence.Letter{Text: "Hi", Below: "-- \nMaya Lind\nLind & Co GmbH\nFax: +49 30 1234567\nZentrale: +49 30 7654321\nTel. 030 123456-0\ninfo@lind.example\nHRB 12345678\nUSt-ID DE123456789\nIBAN DE02 1203 0000 0000 2020 51"}, ""},
		{"what is quoted below a signature", evidence.Letter{Text: "Thanks!", Below: "-- \nMaya Lind\n\nOn Mon, 2 Mar 2026 at 10:00, Paul Reed\n<paul@other.test> wrote:\n> call me: +44 20 7946 0000\n> paul@other.test"}, ""},
		{"what is quoted without marks", evidence.Letter{Text: "Thanks!", Below: "-- \nMaya Lind\n0170 1234567\n\nVon: Paul Reed <paul@other.test>\nGesendet: Montag\n\nTel. 020 7946 0000"}, "phone 701234567 (signature)"},
		{"only a quotation", evidence.Letter{Text: "Thanks!", Below: "On Mon, 2 Mar 2026, Paul Reed <paul@other.test> wrote:\n> -- \n> Paul\n> +44 20 7946 0000"}, ""},
		{"answers between quoted lines", evidence.Letter{Text: "> Reach me: +44 20 7946 0000\nNo, call me: 0170 1234567"}, "phone 701234567"},
		{"a mail that is passed on", evidence.Letter{Title: "Fwd: kettles", Text: "See below.\n\nHello, ring me on 020 7946 0000.\n\nBest regards,\nPaul Reed\n+44 20 7946 0001"}, ""},
		{"a mail that is passed on, behind a line that says so", evidence.Letter{Title: "WG: kettles", Text: "My number is +49 170 1234567.\n\nAnfang der weitergeleiteten Nachricht:\n\nViele Grüße\nPaul Reed\n+44 20 7946 0001"}, "phone 701234567"},
		{"an answer to one that was passed on", evidence.Letter{Title: "Re: Fwd: kettles", Text: "Call me: +49 170 1234567."}, "phone 701234567"},
		{"a number that is no telephone", evidence.Letter{Text: "My order is 1234567890, of 02.03.2026 10:00.\n\nRegards,\nMaya\nCustomer 123456789"}, ""},
		{"tell and photo are no telephones", evidence.Letter{Text: "Can you tell me about 12345678? The photo 87654321 shows it."}, ""},
		{"files that came along are not below the name", evidence.Letter{Text: "See there.\n\nRegards,\nMaya Lind\n0170 1234567\n\nAttached: +44 20 7946 0000.pdf (application/pdf, 12 kB)"}, "phone 701234567 (signature)"},
		{"at the end of a long paragraph", evidence.Letter{Text: strings.Repeat("It leaks again and again. ", 200) + "Call me on 0170 1234567."}, "phone 701234567"},
		{"nothing", evidence.Letter{}, ""},
	}
	for _, tt := range tests {
		if got := shown(evidence.Mail(tt.mail)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestFields(t *testing.T) {
	tests := []struct{ name, links, want string }{
		{"an account elsewhere", "Bluesky\thttps://bsky.app/profile/maya.example", "account bluesky:maya.example (profile)"},
		{"one that leads back", "Work\thttps://tea.example/@maya\tback", ""},
		{"one that leads back, of theirs", "Also\thttps://tea.example/@maya\tback", "account acct:maya@tea.example (linked)"},
		{"a page that leads back", "Web\thttps://www.maya.example/\tback", "site maya.example (linked)"},
		{"a telephone", "Phone\t+49 170 1234567", "phone 701234567 (profile)"},
		{"a fax", "Fax\t+49 170 1234567", ""},
		{"an employer's account", "Employer\t@brewell@tea.example", ""},
		{"a wife's account", "Wife\t@ana@tea.example", ""},
		{"of the description only an address", "\tmaya@home.test", "email maya@home.test (profile)"},
		{"a desk's address", "Mail\tinfo@home.test", ""},
		{"no field", "maya@home.test", ""},
	}
	for _, tt := range tests {
		if got := shown(evidence.Fields(tt.links)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestOthersNameWhatAnAccountIs: what an account is called is what others write
// when they name it.
func TestOthersNameWhatAnAccountIs(t *testing.T) {
	for written, a := range map[string]social.Author{
		"https://pdx.social/@Maya":                        {Scheme: "acct", Value: "maya@pdx.social"},
		"https://pdx.social/users/maya":                   {Scheme: "acct", Value: "Maya@pdx.social"},
		"https://tea.example/@maya@pdx.social":            {Scheme: "acct", Value: "maya@pdx.social"},
		"https://bsky.app/profile/did:plc:abc":            {Scheme: "did", Value: "did:plc:abc"},
		"bsky.app/profile/maya.example":                   {Scheme: "did", Value: "did:plc:abc", Handle: "maya.example"},
		"https://twitter.com/Maya_Lind":                   {Scheme: "x", Value: "77", Handle: "maya_lind"},
		"https://t.me/maya_lind":                          {Scheme: "telegram", Value: "78", Handle: "maya_lind"},
		"https://www.youtube.com/@mayabrews":              {Scheme: "youtube", Value: "UC1", Handle: "mayabrews"},
		"http://www.maya.example/":                        {Scheme: "url", Value: "https://maya.example"},
		"https://blog.example/author/maya?lang=en":        {Scheme: "url", Value: "https://blog.example/author/maya?lang=en"},
		"https://wiki.example/index.php?title=User:Maya":  {Scheme: "url", Value: "https://wiki.example/index.php?title=User:Maya"},
		"https://wiki.example/index.php?title=User:Maya.": {Scheme: "url", Value: "https://wiki.example/index.php?title=User:Maya"},
	} {
		c, ok := evidence.Page(written)
		if !ok || !slices.Contains(evidence.Own(a), c) {
			t.Errorf("%s is %v, and the account %v", written, c, evidence.Own(a))
		}
	}
	for _, no := range []string{"https://twitter.com/home", "https://t.me/joinchat/abc", "https://linkedin.com/company/tea", "https://user:pass@evil.example/@maya", "https://localhost/@maya", "https://%zz", "", "http://"} {
		if c, ok := evidence.Page(no); ok {
			t.Errorf("%q names %v", no, c)
		}
	}
}

// labels says telephone and fax in languages.
var labels = []struct{ phone, fax string }{
	{"Tel.:", "Fax:"}, {"Phone", "Fax"}, {"Mobile", "Telefax"}, {"Tél. :", "Télécopie / Fax :"}, {"Móvil:", "Fax:"}, {"Telefono", "Fax"}, {"Telemóvel", "Fax"}, {"Telefoon", "Fax"},
	{"Komórka:", "Faks:"}, {"Mobil:", "Telefax:"}, {"Puh.", "Faksi / fax"}, {"Cep tel:", "Faks:"}, {"тел.", "факс"}, {"Κινητό:", "Φαξ:"}, {"電話：", "ファックス："}, {"手机", "传真"},
	{"휴대폰", "팩스"}, {"جوال", "فاكس"}, {"נייד", "פקס"}, {"मोबाइल", "fax"}, {"☎", "📠"}, {"M", "F"},
}

// TestANumberIsFoundHoweverItIsWritten writes numbers in many ways, in a
// signature, with words of many languages: a telephone is always found, a fax
// never.
func TestANumberIsFoundHoweverItIsWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(70, 1))
	for range 3000 {
		n := fmt.Sprintf("%d%08d", 1+r.IntN(9), r.IntN(100_000_000))
		ways := []string{"+49" + n, "+49 " + n[:3] + " " + n[3:], "0049 " + n, "0" + n[:3] + "/" + n[3:], "(0" + n[:3] + ") " + n[3:6] + "-" + n[6:8] + n[8:], "+49 (0) " + n[:4] + " " + n[4:], "0" + n[:2] + "." + n[2:5] + "." + n[5:], "+49\u00a0" + n[:3] + "–" + n[3:]}
		way, l := ways[r.IntN(len(ways))], labels[r.IntN(len(labels))]
		below := "-- \nMaya Lind\n" + l.phone + " " + way
		if got := shown(evidence.Mail(evidence.Letter{Text: "Hi", Below: below})); got != "phone "+n+" (signature)" && !strings.HasSuffix(way, "0") {
			t.Fatalf("%q: %s, want %s", below, got, n)
		}
		below = "-- \nMaya Lind\n" + l.fax + " " + way
		if got := shown(evidence.Mail(evidence.Letter{Text: "Hi", Below: below})); got != "" {
			t.Fatalf("%q: %s, though it is a fax", below, got)
		}
	}
}

// TestWhatOthersSayIsNeverTheirs puts the signatures of others behind a mail in
// every way in which programs quote: nothing is found that is not found
// without.
func TestWhatOthersSayIsNeverTheirs(t *testing.T) {
	r := rand.New(rand.NewPCG(70, 2))
	signatures := []string{"", "-- \nMaya Lind\n+49 170 1234567", "-- \nMaya\nmaya@home.test\nhttps://pdx.social/@maya", "--\n田中 美咲\n電話 090-1234-5678\n\nTea & Co"}
	quotes := []func(s string) string{
		func(s string) string {
			return "On Mon, 2 Mar 2026 at 10:00, Paul Reed <paul@other.test> wrote:\n> " + strings.ReplaceAll(s, "\n", "\n> ")
		},
		func(s string) string { return "Am 02.03.2026 um 10:00 schrieb Paul Reed <paul@other.test>:\n" + s },
		func(s string) string {
			return "Le lun. 2 mars 2026 à 10:00, Paul Reed\n<paul@other.test> a écrit :\n" + s
		},
		func(s string) string {
			return "From: Paul Reed <paul@other.test>\nSent: Monday\nTo: Maya\nSubject: Tea\n\n" + s
		},
		func(s string) string { return "-----Original Message-----\n" + s },
		func(s string) string { return "________________________________\n" + s },
		func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") },
		func(s string) string {
			return "---------- Forwarded message ---------\nFrom: Paul <paul@other.test>\n\n" + s
		},
		func(s string) string { return "2026年3月2日(月) 10:00 Paul Reed <paul@other.test>:\n" + s },
	}
	others := "Thanks, call me.\n\nPaul Reed\nMobile: +44 7700 900123\npaul@work.test\nTwitter: @paulreed\n-- \nPaul\nTel. 020 7946 0000"
	for range 2000 {
		m := evidence.Letter{Title: "Re: tea", Name: "Maya Lind", Text: "It leaks.", Below: signatures[r.IntN(len(signatures))]}
		want := evidence.Mail(m)
		q := quotes[r.IntN(len(quotes))](others)
		if r.IntN(2) == 0 {
			m.Below = strings.TrimSpace(m.Below + "\n\n" + q)
		} else if strings.HasPrefix(q, ">") || strings.HasPrefix(q, "From") || strings.HasPrefix(q, "---") || strings.HasPrefix(q, "___") {
			m.Text += "\n\n" + q // where the network left it in
		}
		if got := evidence.Mail(m); !reflect.DeepEqual(got, want) {
			t.Fatalf("text %q\nbelow %q\n got %s\nwant %s", m.Text, m.Below, shown(got), shown(want))
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"-- \nMaya\n+49 170 1234567", "\xff\xfe", strings.Repeat("@a@b.co ", 3000), strings.Repeat("+49 ", 9000), strings.Repeat("(", 70_000), "🦊\u202eTel\u2066 ٠١٢٣٤٥٦٧٨٩", "İİİ, İstanbul\nBest", "\tx\tback", strings.Repeat("https://", 5000), strings.Repeat("Regards,\n", 9000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, found := range [][]evidence.Found{evidence.Mail(evidence.Letter{Title: s, Name: s, Text: s, Below: s}), evidence.Mail(evidence.Letter{Below: "-- \n" + s}), evidence.Fields(s), evidence.Fields("a\t" + s), evidence.Post(s)} {
			if len(found) > 8 {
				t.Fatalf("%d are found", len(found))
			}
			for _, x := range found {
				if x.Value == "" || len(x.Value) > 300 || strings.ContainsAny(x.Value, " \n\x00") {
					t.Fatalf("found %+v", x)
				}
			}
		}
		evidence.Own(social.Author{Scheme: "url", Value: s})
		evidence.Own(social.Author{Scheme: "acct", Value: s, Handle: s})
	})
}
