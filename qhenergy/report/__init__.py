"""Floor 7: what people read. Tables on the console, and pages that open offline.

console         tables of a result, as words on a terminal or in a file
page            one result as one HTML file, in English and Chinese
profiles_page   the hourly profiles a case computes, as one HTML file
"""
