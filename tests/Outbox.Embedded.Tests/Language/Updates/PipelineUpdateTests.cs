namespace Outbox.Embedded.Tests.Language.Updates;

public sealed class PipelineUpdateTests
{
    [Theory]
    [InlineData("{ _id: 1, a: 1 }", "[{ $set: { b: { $add: ['$a', 1] } } }]", "{ _id: 1, a: 1, b: 2 }")]
    [InlineData("{ _id: 1, a: { x: 1 } }", "[{ $addFields: { a: { y: 2 } } }]", "{ _id: 1, a: { x: 1, y: 2 } }")]
    [InlineData("{ _id: 1, a: 1, b: 2 }", "[{ $unset: ['a'] }]", "{ _id: 1, b: 2 }")]
    [InlineData("{ _id: 1, a: 1, b: 2 }", "[{ $project: { b: 1 } }]", "{ _id: 1, b: 2 }")]
    [InlineData("{ _id: 1, a: { x: 1 } }", "[{ $replaceWith: '$a' }]", "{ _id: 1, x: 1 }")]
    [InlineData("{ _id: 1, a: { x: 1 } }", "[{ $replaceRoot: { newRoot: { $mergeObjects: ['$$ROOT', { b: 1 }] } } }]", "{ _id: 1, a: { x: 1 }, b: 1 }")]
    [InlineData("{ _id: 1, a: 1 }", "[{ $set: { a: '$$REMOVE' } }]", "{ _id: 1 }")]
    [InlineData("{ _id: 1 }", "[{ $set: { a: 'text', n: 5 } }, { $set: { b: '$a' } }]", "{ _id: 1, a: 'text', n: 5, b: 'text' }")]
    [InlineData("{ _id: 1 }", "[{ $set: { at: { $add: ['$$NOW', 1000] } } }]", "{ _id: 1, at: { $date: '2024-02-29T12:30:46.678Z' } }")]
    [InlineData("{ _id: 1 }", "[{ $replaceWith: { z: 1, _id: 1 } }]", "{ _id: 1, z: 1 }")]
    [InlineData("{ _id: 1 }", "[]", "{ _id: 1 }")]
    public void Stages(string before, string update, string after) => Updating.Check(before, update, after);

    /// <summary>Newest wins: an older version leaves the document alone, a newer one takes its place.</summary>
    [Theory]
    [InlineData("{ _id: 'e', version: { $numberLong: '4' }, state: 'old' }", "{ _id: 'e', version: { $numberLong: '5' }, state: 'new' }")]
    [InlineData("{ _id: 'e', version: { $numberLong: '5' }, state: 'old' }", "{ _id: 'e', version: { $numberLong: '5' }, state: 'old' }")]
    [InlineData("{ _id: 'e', state: 'old' }", "{ _id: 'e', version: { $numberLong: '5' }, state: 'new' }")]
    public void The_version_decides(string before, string after) => Updating.Check(before, """
        [{ $replaceWith: { $cond: [
            { $lt: [{ $ifNull: ['$version', { $numberLong: '0' }] }, { $numberLong: '5' }] },
            { $literal: { _id: 'e', version: { $numberLong: '5' }, state: 'new' } },
            '$$ROOT'] } }]
        """, after);

    [Theory]
    [InlineData("{ _id: 3, owner: 'a', epoch: 1, expiresAt: { $date: '2024-02-29T12:30:45Z' } }", "{ _id: 3, owner: 'b', epoch: 2, expiresAt: { $date: '2024-02-29T12:31:15.678Z' } }")]
    [InlineData("{ _id: 3, owner: 'b', epoch: 1, expiresAt: { $date: '2024-02-29T12:30:50Z' } }", "{ _id: 3, owner: 'b', epoch: 1, expiresAt: { $date: '2024-02-29T12:31:15.678Z' } }")]
    public void A_lease_runs_by_the_servers_clock(string before, string after) => Updating.Check(before, """
        [{ $set: {
            epoch: { $cond: [{ $eq: ['$owner', 'b'] }, '$epoch', { $add: ['$epoch', 1] }] },
            owner: 'b',
            expiresAt: { $add: ['$$NOW', 30000] } } }]
        """, after);
}
