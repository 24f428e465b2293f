using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Operations.Bulk;

/// <summary>Whose fault an error is.</summary>
internal static class BulkErrors
{
    /// <summary>Whether it is the messages': a refusal, or a document that the server does not take. All else is the database's, or nobody's.</summary>
    public static bool IsOfMessages(Exception error) => error switch
    {
        OutboxException or BsonException => true,
        MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoExecutionTimeoutException => false,
        MongoCommandException or MongoWriteException or MongoBulkWriteException => !TransactionLabels.AreOn((MongoException)error),
        _ => false,
    };
}
