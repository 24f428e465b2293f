namespace Outbox.Embedded.MongoDb.Language.Projections;

internal enum ProjectionMode
{
    Include,
    Exclude,

    /// <summary>All is kept; calculated fields are added or replaced.</summary>
    Add,
}
