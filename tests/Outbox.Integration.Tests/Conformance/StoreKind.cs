namespace Outbox.Integration.Tests.Conformance;

public enum StoreKind
{
    InMemory,
    MongoDb,
}
