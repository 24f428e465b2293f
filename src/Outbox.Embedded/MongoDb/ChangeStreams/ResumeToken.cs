using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;

namespace Outbox.Embedded.MongoDb.ChangeStreams;

/// A place in the stream of changes, as clients keep it. Tokens of one server sort as the changes did.
internal readonly record struct ResumeToken(Position Position, bool Invalidate)
{
    private const int Digits = 16 + 8 + 2;

    public BsonDocument ToBson() =>
        new("_data", string.Create(CultureInfo.InvariantCulture, $"{Position.Timestamp:X16}{Position.Ordinal:X8}{(Invalidate ? 1 : 0):X2}"));

    public static ResumeToken Parse(BsonDocument token)
    {
        if (token.TryGetValue("_data", out var data) && data is BsonString { Value.Length: Digits } text
            && ulong.TryParse(text.Value.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var timestamp)
            && int.TryParse(text.Value.AsSpan(16, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ordinal)
            && ordinal >= 0
            && text.Value[24..] is "00" or "01")
        {
            return new ResumeToken(new Position(timestamp, ordinal), text.Value.EndsWith('1'));
        }

        throw new MongoError(260, "InvalidResumeToken", "A resume token of this server is { _data: <26 hexadecimal digits> }");
    }
}
