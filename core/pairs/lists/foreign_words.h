// Words of columns in German, French, Spanish, Italian, Portuguese and Dutch; the commonest in Russian, Chinese,
// Japanese and Korean.
#pragma once

#include <string>

namespace ccx::pairs {

// The English words for one that such a column's name is made of ("Dateiname" is "filename", "Höhe" stays), in small
// letters; a word that is not known, in small letters too where it is of these languages.
std::string english_word(const std::string& word);

}  // namespace ccx::pairs
