// The words of captions: alternatives of a phrase with how often they are chosen. All of them stand in this file, so
// that the vocabulary can be listed.
#pragma once

#include <vector>

namespace ccx::describe {

struct Word {
  float weight;
  const char* text;
};

// Alternatives of a phrase.
using Words = std::vector<Word>;

inline const Words kBuilt = {{4.5f, "built"}, {2.5f, "constructed"}, {0.2f, "erected"}};
inline const Words kManyAux = {{3, "are"}, {1, "have been"}};
inline const Words kOneAux = {{2, "is"}, {1, "has been"}};
inline const Words kAppear = {{6, "appear"}, {0.8f, "have appeared"}, {0.5f, "show up"}};
inline const Words kAppears = {{6, "appears"}, {0.8f, "has appeared"}, {0.5f, "shows up"}};
inline const Words kNear = {{4, "along"}, {2.6f, "beside"}, {1.2f, "near"}, {1, "next to"}, {0.8f, "by"}};
inline const Words kNearIt = {{3, "along"}, {2, "around"}, {1, "on both sides"}};
inline const Words kHouses = {
    {5, "houses"}, {2.6f, "buildings"}, {1.8f, "villas"}, {0.7f, "detached houses"}, {0.5f, "new houses"}};
inline const Words kHouse = {{5, "house"},        {3, "building"},      {2.4f, "villa"}, {0.5f, "detached house"},
                             {0.5f, "new house"}, {0.5f, "small house"}};
inline const Words kAreRemoved = {{4, "are removed"},
                                  {3, "disappear"},
                                  {1.5f, "have been removed"},
                                  {1, "have been demolished"},
                                  {0.7f, "have disappeared"}};
inline const Words kIsRemoved = {{4, "is removed"},
                                 {3, "disappears"},
                                 {1.5f, "has been removed"},
                                 {1, "has been demolished"},
                                 {0.7f, "has disappeared"}};
inline const Words kHaveGone = {{2, "have disappeared"}, {2, "have been removed"}, {1, "have been demolished"}};
inline const Words kHasGone = {{2, "has disappeared"}, {2, "has been removed"}, {1, "has been demolished"}};
inline const Words kLarge = {{4, "large"}, {1, "big"}, {0.5f, "huge"}, {0.5f, "white"}, {0.3f, "giant"}};
inline const Words kBig = {{3, "large"}, {1.5f, "big"}, {1, "new"}};
inline const Words kOnBareland = {{5, "on the bareland"},     {1.5f, "in the bareland"},
                                  {1.6f, "in the desert"},    {1.2f, "in the open space"},
                                  {0.7f, "on the wasteland"}, {0.8f, "on the original bareland"}};
inline const Words kOnMeadow = {{2.5f, "on the bareland"},  {1.4f, "in the open space"}, {1.2f, "on the meadow"},
                                {0.8f, "on the grassland"}, {0.8f, "in the desert"},     {0.8f, "in the clearing"}};
inline const Words kOnForest = {{2.2f, "in the woods"},
                                {2, "in the forest"},
                                {1.4f, "among the trees"},
                                {0.8f, "at the edge of the forest"},
                                {0.7f, "in the clearing"}};
inline const Words kOnTrees = {{1.6f, "on the bareland near the trees"},
                               {1.4f, "among the trees"},
                               {1.2f, "in the woods"},
                               {1, "on the bareland"},
                               {0.6f, "at the edge of the woods"}};
inline const Words kOnField = {
    {2, "on the bareland"}, {1, "in the field"}, {1, "on the grassland"}, {1, "in the open space"}};
inline const Words kBareGround = {{4, "bareland"}, {1, "an open space"}, {1, "wasteland"}};
inline const Words kGrassGround = {{2, "grassland"}, {2, "bareland"}, {1, "a meadow"}, {1, "an open space"}};
inline const Words kTreesPlural = {{4, "trees"}, {2, "plants"}, {2, "woods"}};
inline const Words kTreesAny = {{4, "trees"}, {2.5f, "vegetation"}, {2, "plants"}, {1.5f, "forest"}, {1.5f, "woods"}};
inline const Words kFewTreesGo = {{3, "some trees are removed"},
                                  {2, "some plants are removed"},
                                  {1, "some trees have been removed"},
                                  {0.8f, "some vegetation is removed"},
                                  {0.8f, "some trees disappear"}};
inline const Words kTreesGo = {
    {4, "trees are removed"},         {2, "many trees are removed"},       {1.5f, "the vegetation is removed"},
    {1.5f, "some trees are removed"}, {1.2f, "plants are removed"},        {1, "the vegetation has been removed"},
    {1, "the forest disappears"},     {1, "many trees have been removed"}, {0.8f, "many trees are cut down"},
    {0.6f, "the woods disappear"}};
inline const Words kTreesGrow = {{3, "some trees are planted"},
                                 {3, "many trees appear"},
                                 {2, "more trees appear"},
                                 {1.5f, "trees have grown"},
                                 {1, "some trees appear"}};
inline const Words kRoads = {{3, "roads"}, {1, "the roads"}};
inline const Words kStraightRoad = {
    {6, "a road"}, {1, "a new road"}, {0.8f, "a cement road"}, {0.5f, "a straight road"}};
inline const Words kWindingRoad = {
    {5, "a road"}, {2, "a winding road"}, {0.6f, "a curved road"}, {0.5f, "an arc road"}, {0.5f, "a turning road"}};
inline const Words kTRoad = {
    {2, "a t-shaped road"}, {2, "two roads"}, {1.2f, "a crossroad"}, {1, "two vertical roads"}, {1, "some roads"}};
inline const Words kCrossRoad = {
    {3, "a crossroad"}, {1.5f, "a cross road"}, {1.5f, "some roads"}, {1, "two vertical roads"}, {1, "crossing roads"}};
inline const Words kSeveralRoads = {{4, "some roads"}, {1.5f, "several roads"}, {1, "many roads"}, {1, "roads"}};

inline const Words kCornerOpening = {{4, "at the"}, {3, "in the"}, {0.6f, "on the"}};
inline const Words kTop = {{2, "top"}, {1.2f, "upper"}};
inline const Words kBottom = {{2, "bottom"}, {1.2f, "lower"}};
inline const Words kCornerEnd = {{3, "corner of the scene"}, {3, "corner"}};
inline const Words kSomeCorner = {
    {2, "at the corner"}, {3, "in the corner of the scene"}, {1, "at the edge of the scene"}};
inline const Words kAtTop = {
    {4, "at the top"}, {3, "at the top of the scene"}, {1, "on the top side of the scene"}, {0.6f, "in the top"}};
inline const Words kAtBottom = {{4, "at the bottom"},
                                {3, "at the bottom of the scene"},
                                {1, "on the bottom side of the scene"},
                                {0.6f, "in the bottom"}};
inline const Words kAtLeft = {
    {3, "on the left"}, {3, "on the left side of the scene"}, {1.5f, "on the left side"}, {0.6f, "in the left"}};
inline const Words kAtRight = {
    {3, "on the right"}, {3, "on the right side of the scene"}, {1.5f, "on the right side"}, {0.6f, "in the right"}};
inline const Words kInMiddle = {
    {3, "in the middle"}, {2, "in the center"}, {1, "in the middle of the scene"}, {1, "in the center of the scene"}};

inline const Words kQ2 = {{5, "two"}, {1, "some"}, {0.6f, "several"}};
inline const Words kQ3 = {{2, "three"}, {2, "some"}, {2, "several"}};
inline const Words kQ4 = {{1.5f, "four"}, {3, "some"}, {2.5f, "several"}, {0.6f, "a few"}};
inline const Words kQ5 = {{4, "some"}, {2.5f, "several"}, {2, "many"}};
inline const Words kQ8 = {{5, "many"}, {2, "some"}, {0.8f, "lots of"}, {0.6f, "massive"}};
inline const Words kQ12 = {{7, "many"}, {1.2f, "massive"}, {1.2f, "lots of"}, {1, "rows of"}, {0.8f, "some"}};
inline const Words kRows1 = {{5, "a row of"}, {1, "a line of"}};
inline const Words kRows2 = {{5, "two rows of"}, {1.5f, "rows of"}, {1, "two lines of"}};
inline const Words kRows3 = {{3, "three rows of"}, {3, "rows of"}, {1, "several rows of"}};
inline const Words kRows4 = {{3, "rows of"}, {2, "many rows of"}, {1.5f, "several rows of"}};

}  // namespace ccx::describe
