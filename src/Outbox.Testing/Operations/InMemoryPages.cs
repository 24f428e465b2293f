using System.Globalization;
using Outbox.Operations;
using Outbox.Operations.Errors;

namespace Outbox.Testing.Operations;

/// <summary>A list page by page, by time and then by id.</summary>
internal static class InMemoryPages
{
    public static Page<T> Of<T>(IEnumerable<T> items, Func<T, (DateTimeOffset At, string Id)> place, bool latestFirst, (string List, string? Cursor, int Size) page)
    {
        PageCursor.CheckSize(page.Size);
        var list = TextSignature.Hash(page.List);
        var behind = page.Cursor is null ? null : Read(page.Cursor, list);
        var order = Comparer<(DateTimeOffset At, string Id)>.Create((one, other) =>
            (latestFirst ? -1 : 1) * (one.At.CompareTo(other.At) is not 0 and var at ? at : string.CompareOrdinal(one.Id, other.Id)));
        var found = items.OrderBy(place, order).Where(item => behind is null || order.Compare(place(item), behind.Value) > 0).Take(page.Size + 1).ToList();
        if (found.Count <= page.Size)
        {
            return new Page<T>(found, null);
        }

        found.RemoveAt(page.Size);
        var (at, id) = place(found[^1]);
        return new Page<T>(found, PageCursor.Write(list, at.UtcTicks.ToString(CultureInfo.InvariantCulture), id));
    }

    private static (DateTimeOffset At, string Id)? Read(string cursor, string list)
    {
        var place = PageCursor.Read(cursor, parts: 3);
        return place[0] == list && long.TryParse(place[1], CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), place[2])
            : throw PageCursor.Wrong();
    }
}
