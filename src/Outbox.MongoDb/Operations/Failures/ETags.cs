using MongoDB.Bson;
using Outbox.Operations.Errors;

namespace Outbox.MongoDb.Operations.Failures;

/// <summary>Names the state of a parked message that somebody looks at: what it holds, and when it was parked.</summary>
internal static class ETags
{
    public static string Of(BsonDocument parked, string content) =>
        TextSignature.Hash($"{parked.GetValue("parkedAt", BsonNull.Value)} {parked.GetValue(FailureFields.Retries, 0)} {parked.GetValue(content, BsonNull.Value).ToJson()}");

    /// <exception cref="OutboxException">It is not what was looked at.</exception>
    public static void Check(BsonDocument parked, string content, string etag)
    {
        if (Of(parked, content) != etag)
        {
            throw new OutboxException("The message is not any more what was looked at: it was parked again, retried or edited meanwhile. Look at it again.");
        }
    }
}
