using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Bits;

/// <summary><c>$bitsAllSet</c> and its three relatives, on whole numbers and binary data.</summary>
internal sealed class BitsTest(BitQuestion question, int[] positions) : ValueTest
{
    public static BitsTest Parse(BitQuestion question, string name, BsonValue argument)
    {
        if (argument is BsonArray array)
        {
            return new BitsTest(question, array.Select(item => Position(name, item)).ToArray());
        }

        if (argument is BsonBinaryData binary)
        {
            return new BitsTest(question, Enumerable.Range(0, binary.Bytes.Length * 8).Where(bit => (binary.Bytes[bit / 8] >> (bit % 8) & 1) != 0).ToArray());
        }

        if (!Numbers.TryWhole(argument, out var mask) || mask < 0)
        {
            throw MongoError.FailedToParse($"{name} takes an Array, a number, or a BinData but received: {name}: {ShellText.Of(argument)}");
        }

        return new BitsTest(question, Enumerable.Range(0, 63).Where(bit => (mask >> bit & 1) != 0).ToArray());
    }

    public override bool Matches(BsonValue? value, Match match) => value switch
    {
        BsonBinaryData binary => Answer(bit => bit / 8 < binary.Bytes.Length && (binary.Bytes[bit / 8] >> (bit % 8) & 1) != 0),
        _ when Numbers.TryWhole(value, out var number) => Answer(bit => (number >> Math.Min(bit, 63) & 1) != 0),
        _ => false,
    };

    private static int Position(string name, BsonValue value) =>
        Numbers.TryWhole(value, out var bit) && bit is >= 0 and <= int.MaxValue ? (int)bit
        : throw MongoError.BadValue($"{name} bit positions must be integers >= 0 but got: {ShellText.Of(value)}");

    private bool Answer(Predicate<int> isSet) => question switch
    {
        BitQuestion.AllSet => Array.TrueForAll(positions, isSet),
        BitQuestion.AllClear => !Array.Exists(positions, isSet),
        BitQuestion.AnySet => Array.Exists(positions, isSet),
        _ => !Array.TrueForAll(positions, isSet),
    };
}
