using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.Tests.Language;

/// <summary>Documents written as extended JSON, and what the tests of the language share.</summary>
internal static class Bson
{
    public static readonly DateTime Now = new(2024, 2, 29, 12, 30, 45, 678, DateTimeKind.Utc);

    public static readonly Variables Variables = new(Now, Let: new BsonDocument("given", 7), ClusterTime: new BsonTimestamp(1709209845, 3));

    public static BsonDocument Doc(string json) => BsonDocument.Parse(json);

    public static BsonValue Value(string json) => BsonDocument.Parse($"{{ v: {json} }}")["v"];

    public static BsonArray List(string json) => Value(json).AsBsonArray;

    /// <summary>Equal to the type of every number and the order of every field.</summary>
    public static void Same(BsonValue? expected, BsonValue? actual) =>
        Assert.Equal(expected?.ToJson(Strict) ?? "missing", actual?.ToJson(Strict) ?? "missing");

    public static MongoError Refused(int code, Action action)
    {
        var error = Assert.Throws<MongoError>(action);
        Assert.True(code == error.Code, $"expected error {code}, got {error.Code} {error.CodeName}: {error.Message}");
        return error;
    }

    private static readonly MongoDB.Bson.IO.JsonWriterSettings Strict = new() { OutputMode = MongoDB.Bson.IO.JsonOutputMode.CanonicalExtendedJson };
}
