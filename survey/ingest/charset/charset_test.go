package charset

import (
	"testing"
)

// Short answers of surveys are read in the encoding in which they were written, and Western
// ones never in another.
func TestGuess(t *testing.T) {
	for name, texts := range map[string][]string{
		"windows-1251": {"id,пол,город,оценка\n1,мужской,Москва,хорошо\n2,женский,Казань,плохо\n", "id,q\n1,Да\n2,Нет\n3,Да\n4,Нет\n", "стать,місто\nчоловік,Київ\nжінка,Львів\n"},
		"koi8-r":       {"id,пол,город,оценка\n1,мужской,Москва,хорошо\n2,женский,Казань,плохо\n3,женский,Санкт-Петербург,отлично\n"},
		"gbk":          {"编号,性别,城市\n1,男,北京\n2,女,上海\n3,女,广州\n", "id,q\n1,是\n2,否\n3,男\n", "年龄,非常满意,比较满意,不满意\n"},
		"big5":         {"編號,性別,城市\n1,男,臺北\n2,女,高雄\n3,女,臺中\n"},
		"shift_jis":    {"番号,性別,都市\n1,男性,東京\n2,女性,大阪\n3,女性,とても満足\n", "id,q\n1,はい\n2,いいえ\n3,はい\n"},
		"euc-jp":       {"番号,性別,都市\n1,男性,東京\n2,女性,大阪\n3,女性,とても満足\n"},
		"euc-kr":       {"번호,성별,도시\n1,남자,서울\n2,여자,부산\n3,여자,매우 만족\n", "id,q\n1,예\n2,아니오\n3,예\n"},
		"macintosh":    {"id,q\n1,café\n2,Zürich\n3,Málaga\n4,“quoted” – n’est pas\n", "id;Größe;Straße\n1;süß;München\n2;überall;Köln\n"},
		"windows-1252": {"id;Größe;Straße\n1;süß;München\n2;überall;Köln\n", "id,q\n1,café\n2,x\n3,y\n", "id,q\n1,“quoted” – n’est pas\n2,Málaga\n",
			"id,q\n1,très satisfait\n2,plutôt satisfait\n3,été à Noël\n", "id,q\n1,niño\n2,señora\n3,¿Cuál?\n4,Años de educación\n", "id,q\n1,não\n2,São Paulo\n3,Educação\n",
			"id,q\n1,Århus\n2,Ærø\n3,Øst\n4,på\n", "id,q\n1,höyry\n2,hyvää päivää\n3,tyytyväinen\n", "q\n€ 10\n£5\n§ 3\n", "q\nä\nö\nü\n", "q\n…\n—\n"},
	} {
		enc, ok := Named(name)
		if !ok {
			t.Fatal(name)
		}
		for _, text := range texts {
			raw, err := enc.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(name, err)
			}
			if got := Guess(raw); got != name {
				t.Errorf("%q: got %s, want %s", text, got, name)
			}
		}
	}
}

// Any bytes have a guess whose name is known.
func FuzzGuess(f *testing.F) {
	f.Add([]byte("\xca\xc7,\xb7\xf1"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if enc, ok := Named(Guess(raw)); !ok || enc == nil {
			t.Error("the guess is not known")
		}
	})
}
