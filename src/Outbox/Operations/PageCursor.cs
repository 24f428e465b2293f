using System.Buffers.Text;
using System.Text.Json;

namespace Outbox.Operations;

/// <summary>Where the next page begins, as text that says nothing to anybody else.</summary>
internal static class PageCursor
{
    public static string Write(params string[] place) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(place));

    /// <exception cref="OutboxException">It is not a cursor of this list.</exception>
    public static string[] Read(string cursor, int parts)
    {
        try
        {
            if (JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(cursor)) is { } place && place.Length == parts && Array.TrueForAll(place, part => part is not null))
            {
                return place;
            }
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // It is told below.
        }

        throw Wrong();
    }

    /// <exception cref="ArgumentOutOfRangeException">A page cannot have so many.</exception>
    public static void CheckSize(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Page<string>.MostItems);
    }

    public static OutboxException Wrong() => new("The cursor is not one of this list. Take the one that came with the page before, or none for the first page.");
}
