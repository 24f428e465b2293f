namespace Outbox.MongoDb.Operations.Seeing;

/// <summary>Who reads the parts of an overview.</summary>
internal sealed record SeenParts(LaneReading Lanes, EndpointReading Endpoints, InstanceReading Instances, WaitingList Waiting);
