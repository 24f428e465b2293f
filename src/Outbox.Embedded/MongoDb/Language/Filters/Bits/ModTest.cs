using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Bits;

/// <summary><c>$mod</c>: the whole part of the value, divided, leaves the remainder.</summary>
internal sealed class ModTest(long divisor, long remainder) : ValueTest
{
    public static ModTest Parse(BsonValue argument)
    {
        if (argument is not BsonArray array)
        {
            throw MongoError.BadValue("malformed mod, needs to be an array");
        }

        if (array.Count != 2)
        {
            throw MongoError.BadValue($"malformed mod, {(array.Count < 2 ? "not enough" : "too many")} elements");
        }

        var divisor = Whole(array[0], "divisor");
        return divisor == 0 ? throw MongoError.BadValue("divisor cannot be 0") : new ModTest(divisor, Whole(array[1], "remainder"));
    }

    public override bool Matches(BsonValue? value, Match match) =>
        Numbers.IsNumber(value) && Numbers.TryTruncate(value!, out var whole) && (divisor == -1 ? 0 : whole % divisor) == remainder;

    private static long Whole(BsonValue value, string what) =>
        !Numbers.IsNumber(value) ? throw MongoError.BadValue($"malformed mod, {what} not a number")
        : Numbers.TryTruncate(value, out var whole) ? whole
        : throw MongoError.BadValue($"malformed mod, {what} value is invalid");
}
