using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Elements;

/// <summary><c>$size</c>.</summary>
internal sealed class SizeTest(long size) : ValueTest
{
    public override bool TriesElements => false;

    public static SizeTest Parse(BsonValue argument)
    {
        if (!Numbers.IsNumber(argument))
        {
            throw MongoError.BadValue($"Failed to parse $size. Expected a number in: $size: {ShellText.Of(argument)}");
        }

        if (!Numbers.TryWhole(argument, out var size))
        {
            throw MongoError.BadValue($"Failed to parse $size. Expected an integer: $size: {ShellText.Of(argument)}");
        }

        return size < 0
            ? throw MongoError.BadValue($"Failed to parse $size. Expected a non-negative number in: $size: {ShellText.Of(argument)}")
            : new SizeTest(size);
    }

    public override bool Matches(BsonValue? value, Match match) => value is BsonArray array && array.Count == size;
}
