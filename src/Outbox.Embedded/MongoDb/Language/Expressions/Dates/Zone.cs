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
        if (zone is not BsonString { Value: var name })
        {
            throw MongoError.Location(40517, $"timezone must evaluate to a string, found {TypeNames.Of(zone)}");
        }

        if (name is "UTC" or "GMT" or "Z")
        {
            return TimeSpan.Zero;
        }

        if (name.Length > 0 && name[0] is '+' or '-')
        {
            return TimeSpan.TryParseExact(name[1..], ["hh", "hhmm", "hh\\:mm"], CultureInfo.InvariantCulture, out var offset)
                ? name[0] == '-' ? -offset : offset : throw Unknown(name);
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found) ? found.GetUtcOffset(utc) : throw Unknown(name);
    }

    private static MongoError Unknown(string name) => MongoError.Location(40485, $"unrecognized time zone identifier: \"{name}\"");
}
