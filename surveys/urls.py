"""The addresses of surveys, under `/<company>/`.

Named lists: what is asked, when and of whom, how answers come in, what was found, what became of
it, and what needs no signing in.
"""

from django.urls import URLPattern, path

from surveys.views import wave

app_name = "surveys"

asking: list[URLPattern] = []  # questionnaires, the bank, templates
waves: list[URLPattern] = [
    path("surveys/waves/<uuid:pk>/", wave.WavePage.as_view(), name="wave"),
]
answers: list[URLPattern] = []  # interviews, paper, slips
results: list[URLPattern] = []
improving: list[URLPattern] = []  # improvements, publications, ratings after service
public: list[URLPattern] = []

urlpatterns = [*asking, *waves, *answers, *results, *improving, *public]
