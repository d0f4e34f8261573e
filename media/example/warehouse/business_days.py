"""On which day a parcel leaves and arrives. Nobody here asks the machine for its time zone (incident of 19 July 2026)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    zone: ZoneInfo = ZoneInfo("Europe/London")
    van_leaves: time = time(15, 30)
    closed: frozenset[date] = field(default_factory=frozenset)

    def is_open(self, day: date) -> bool:
        """Whether anybody packs parcels on that day."""
        return day.weekday() < 5 and day not in self.closed

    def first_open(self, day: date) -> date:
        """That day, or the next one on which people work."""
        while not self.is_open(day):
            day += ONE_DAY
        return day

    def leaves_on(self, ordered: datetime) -> date:
        """When an order goes out: the same day until the van has left, otherwise the next working day."""
        if ordered.tzinfo is None:
            raise ValueError("an order needs a time with a zone")
        here = ordered.astimezone(self.zone)
        day = here.date()
        if here.time() > self.van_leaves:
            day += ONE_DAY
        return self.first_open(day)

    def arrives_on(self, ordered: datetime, days_on_the_road: int) -> date:
        """The date to promise to the customer."""
        day = self.leaves_on(ordered)
        for _ in range(days_on_the_road):
            day = self.first_open(day + ONE_DAY)
        return day


def days_until(best_before: date, today: date) -> int:
    """Days left before something expires; negative when it has."""
    return (best_before - today).days
