/** A day without a time: what the customer is promised. Always written as YYYY-MM-DD. */
export type Day = string;

export interface Calendar {
  /** The zone of the warehouse, such as Europe/London. Never the zone of the machine. */
  readonly timeZone: string;
  /** Orders after this leave the next working day; "15:30". */
  readonly cutOff: string;
  readonly holidays: ReadonlySet<Day>;
}

/** The day on which an order leaves the warehouse. */
export function dispatchDay(orderedAt: Date, calendar: Calendar): Day {
  const { day, time } = inZone(orderedAt, calendar.timeZone);
  const missedTheVan = time > calendar.cutOff;
  return nextWorkingDay(missedTheVan ? addDays(day, 1) : day, calendar);
}

/** The day that we promise: so many working days after the dispatch. */
export function deliveryDay(orderedAt: Date, workingDays: number, calendar: Calendar): Day {
  let day = dispatchDay(orderedAt, calendar);
  for (let i = 0; i < workingDays; i++) day = nextWorkingDay(addDays(day, 1), calendar);
  return day;
}

/** The day itself if people work then, else the first one after it. */
export function nextWorkingDay(day: Day, calendar: Calendar): Day {
  while (isWeekend(day) || calendar.holidays.has(day)) day = addDays(day, 1);
  return day;
}

export function addDays(day: Day, count: number): Day {
  const date = new Date(`${day}T12:00:00Z`); // noon, so that no change of the clock can move it to another day
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

function isWeekend(day: Day): boolean {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** Day and time of an instant on the clock of a zone. */
function inZone(instant: Date, timeZone: string): { day: Day; time: string } {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(instant);
  const [day = '', time = ''] = parts.split(' ');
  return { day, time };
}
