// Columns in other languages than English (foreign_words.h).
#include "core/pairs/lists/foreign_words.h"

#include <array>
#include <string_view>
#include <unordered_map>

#include "core/base/unicode.h"
#include "core/base/utf8.h"
#include "core/pairs/lists/list_text.h"

namespace ccx::pairs {
namespace {

struct Translation {
  std::string_view word, english;
};

// A place, a time, a file, a caption, a flag. No word that English has with another meaning ("local", "data", "pad").
constexpr std::array<Translation, 181> kWords = {{
    {"standort", "site"},
    {"ort", "place"},
    {"gebiet", "area"},
    {"stadt", "city"},
    {"ordner", "folder"},
    {"szene", "scene"},
    {"kachel", "tile"},
    {"lieu", "place"},
    {"emplacement", "location"},
    {"ville", "city"},
    {"dossier", "folder"},
    {"sitio", "site"},
    {"lugar", "place"},
    {"ubicación", "location"},
    {"ubicacion", "location"},
    {"ciudad", "city"},
    {"carpeta", "folder"},
    {"luogo", "place"},
    {"sito", "site"},
    {"città", "city"},
    {"cartella", "folder"},
    {"cidade", "city"},
    {"localização", "location"},
    {"pasta", "folder"},
    {"locatie", "location"},
    {"plaats", "place"},
    {"gebied", "area"},
    {"zeitpunkt", "time"},
    {"zeit", "time"},
    {"aufnahmedatum", "capturedate"},
    {"aufnahmezeit", "acquisitiontime"},
    {"jahr", "year"},
    {"monat", "month"},
    {"quartal", "quarter"},
    {"woche", "week"},
    {"jahreszeit", "season"},
    {"année", "year"},
    {"annee", "year"},
    {"mois", "month"},
    {"jour", "day"},
    {"trimestre", "quarter"},
    {"semaine", "week"},
    {"saison", "season"},
    {"heure", "time"},
    {"fecha", "date"},
    {"año", "year"},
    {"mes", "month"},
    {"día", "day"},
    {"semana", "week"},
    {"mese", "month"},
    {"ano", "year"},
    {"mês", "month"},
    {"jaar", "year"},
    {"maand", "month"},
    {"tijdstip", "time"},
    {"datei", "file"},
    {"dateiname", "filename"},
    {"dateipfad", "imagepath"},
    {"bild", "image"},
    {"bilder", "images"},
    {"bildpfad", "imagepath"},
    {"bildname", "imagename"},
    {"bilddatei", "file"},
    {"pfad", "path"},
    {"fichier", "file"},
    {"chemin", "path"},
    {"archivo", "file"},
    {"imagen", "image"},
    {"ruta", "path"},
    {"immagine", "image"},
    {"percorso", "path"},
    {"arquivo", "file"},
    {"imagem", "image"},
    {"caminho", "path"},
    {"bestand", "file"},
    {"bestandsnaam", "filename"},
    {"afbeelding", "image"},
    {"beschreibung", "description"},
    {"bildunterschrift", "caption"},
    {"satz", "sentence"},
    {"légende", "caption"},
    {"legende", "caption"},
    {"descripción", "description"},
    {"descripcion", "description"},
    {"leyenda", "caption"},
    {"frase", "sentence"},
    {"descrizione", "description"},
    {"didascalia", "caption"},
    {"descrição", "description"},
    {"legenda", "caption"},
    {"beschrijving", "description"},
    {"bijschrift", "caption"},
    {"verändert", "changed"},
    {"geändert", "changed"},
    {"unverändert", "unchanged"},
    {"änderung", "change"},
    {"veränderung", "change"},
    {"changement", "change"},
    {"cambio", "change"},
    {"kommentar", "comment"},
    {"commentaire", "comment"},
    {"comentario", "comment"},
    {"comentário", "comment"},
    {"commento", "comment"},
    {"uhrzeit", "time"},
    {"hora", "time"},
    {"地点", "site"},
    {"位置", "location"},
    {"区域", "area"},
    {"地区", "region"},
    {"场景", "scene"},
    {"城市", "city"},
    {"日期", "date"},
    {"时间", "time"},
    {"拍摄日期", "capturedate"},
    {"拍摄时间", "capturedate"},
    {"采集日期", "capturedate"},
    {"采集时间", "capturedate"},
    {"成像时间", "capturedate"},
    {"成像日期", "capturedate"},
    {"获取日期", "capturedate"},
    {"年份", "year"},
    {"月份", "month"},
    {"季节", "season"},
    {"时相", "phase"},
    {"期次", "phase"},
    {"文件", "file"},
    {"文件名", "filename"},
    {"文件路径", "path"},
    {"图像路径", "imagepath"},
    {"图片路径", "imagepath"},
    {"影像路径", "imagepath"},
    {"图像名", "imagename"},
    {"图片名", "imagename"},
    {"图像", "image"},
    {"图片", "image"},
    {"影像", "image"},
    {"路径", "path"},
    {"場所", "site"},
    {"日付", "date"},
    {"ファイル", "file"},
    {"ファイル名", "filename"},
    {"画像", "image"},
    {"장소", "site"},
    {"날짜", "date"},
    {"파일", "file"},
    {"место", "place"},
    {"дата", "date"},
    {"файл", "file"},
    {"描述", "description"},
    {"变化描述", "changedescription"},
    {"變化描述", "changedescription"},
    {"变化说明", "changedescription"},
    {"说明", "description"},
    {"說明", "description"},
    {"説明", "description"},
    {"图像描述", "caption"},
    {"标注描述", "caption"},
    {"文本描述", "caption"},
    {"文字描述", "caption"},
    {"字幕", "caption"},
    {"句子", "sentence"},
    {"文本", "text"},
    {"备注", "notes"},
    {"備考", "notes"},
    {"编号", "number"},
    {"序号", "number"},
    {"番号", "number"},
    {"번호", "number"},
    {"номер", "number"},
    {"キャプション", "caption"},
    {"変化の説明", "changedescription"},
    {"설명", "description"},
    {"캡션", "caption"},
    {"описание", "description"},
    {"подпись", "caption"},
    {"nr", "number"},
    {"nummer", "number"},
    {"numéro", "number"},
    {"numero", "number"},
    {"número", "number"},
}};

// Capitals of Latin-1, two bytes each in UTF-8.
std::string in_small_letters(std::string word) {
  for (std::size_t i = 0; i + 1 < word.size(); ++i) {
    const auto second = static_cast<unsigned char>(word[i + 1]);
    if (word[i] == '\xC3' && second >= 0x80 && second < 0x9F && second != 0x97)
      word[i + 1] = static_cast<char>(second + 0x20);
  }
  return word;
}

}  // namespace

std::string english_word(const std::string& word) {
  // The words of every cell of a column of times are asked for.
  static const std::unordered_map<std::string_view, std::string_view> known = [] {
    std::unordered_map<std::string_view, std::string_view> words;
    for (const Translation& row : kWords) words.emplace(row.word, row.english);
    return words;
  }();
  const std::string small =
      is_ascii(word) ? word : in_small_letters(nfc(is_utf8(word) ? word : from_windows_1252(word)));
  const auto found = known.find(small);
  return found == known.end() ? small : std::string(found->second);
}

}  // namespace ccx::pairs
