using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary>A time zone by its Olson name or as an offset.</summary>
internal static class Zone
{
    public static TimeSpan Offset(BsonValue zone, DateTime utc)
    {
        var (place, offset) = Find(zone);
        return place?.GetUtcOffset(utc) ?? offset;
    }

    /// <summary>The moment that a clock in the zone shows so: the first, when it shows it twice.</summary>
    public static DateTime ToUtc(BsonValue zone, DateTime local)
    {
        var (place, offset) = Find(zone);
        if (place is not null)
        {
            var shown = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
            offset = place.IsAmbiguousTime(shown) ? place.GetAmbiguousTimeOffsets(shown).Max() : place.GetUtcOffset(shown);
        }

        return local - offset;
    }

    private static (TimeZoneInfo? Place, TimeSpan Offset) Find(BsonValue zone)
    {
        if (zone is not BsonString { Value: var name })
        {
            throw MongoError.Location(40517, $"timezone must evaluate to a string, found {TypeNames.Of(zone)}");
        }

        if (name is "UTC" or "GMT" or "Z")
        {
            return (null, TimeSpan.Zero);
        }

        if (name.Length > 0 && name[0] is '+' or '-')
        {
            return TimeSpan.TryParseExact(name[1..], ["hh", "hhmm", "hh\\:mm"], CultureInfo.InvariantCulture, out var offset)
                ? (null, name[0] == '-' ? -offset : offset) : throw Unknown(name);
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? (found, TimeSpan.Zero) : throw Unknown(name);
    }

    private static MongoError Unknown(string name) => MongoError.Location(40485, $"unrecognized time zone identifier: \"{name}\"");
}
