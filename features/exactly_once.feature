Feature: Exactly-once effects
  What a job func writes through its unit of work, the jobs it enqueues and the completion of its job are one commit.
  Job funcs may run more than once; their effects happen once.

  Rule: A job's writes, the jobs it enqueues and its completion are one commit

    Scenario: A job that ends well leaves its note once
      Given the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" enqueues the job "ship A-1001"
      And the job "pack A-1001" is enqueued
      When a worker starts
      Then the job "pack A-1001" is completed
      And the job "ship A-1001" is completed
      And the only note is "A-1001 is packed"

    Scenario: Nobody sees anything before the job ends
      Given the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" enqueues the job "ship A-1001"
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is enqueued
      When a worker starts
      Then the job "pack A-1001" is running
      And there is no note
      And the job "ship A-1001" does not exist

    Scenario: A job that fails after it wrote leaves nothing
      Given the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" enqueues the job "ship A-1001"
      And the job "pack A-1001" fails in its first attempt
      And the job "pack A-1001" is enqueued
      When a worker starts
      Then the job "pack A-1001" waits for its next attempt
      And there is no note
      And the job "ship A-1001" does not exist

    Scenario: A job that fails and then succeeds leaves its note once
      Given the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" fails in its first attempt
      And a worker has failed at the job "pack A-1001" 1 time
      When the next attempt at the job "pack A-1001" is due
      Then the job "pack A-1001" is completed
      And the only note is "A-1001 is packed"

    Scenario Outline: Whatever ends a job func early, what it wrote is not there
      Given the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" <ends early> in its first attempt
      And the job "pack A-1001" is enqueued
      When a worker starts
      Then the job "pack A-1001" waits for its next attempt
      And there is no note

      Examples:
        | ends early                           |
        | raises an error that is no exception |
        | is interrupted                       |
        | leaves the process                   |
        | cancels itself                       |

    Scenario: An error that the job func swallowed is a failed attempt
      Given the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" swallows the error of a statement
      And the job "pack A-1001" is enqueued
      When a worker starts
      Then the job "pack A-1001" waits for its next attempt
      And there is no note

  Rule: A worker that lost the job does not commit, and says so

    Scenario: A worker is silent for too long between its last write and its commit
      Given the job "pack A-1001" is enqueued
      And the worker "Ada" owns the job "pack A-1001" and has written the note "packed by Ada"
      And the worker "Ada" was given up, and its job went to the worker "Grace"
      When the worker "Ada" commits
      Then the worker "Ada" is told that it lost the job
      And there is no note
      And the job "pack A-1001" is running

    Scenario: The worker that has the job now commits
      Given the job "pack A-1001" is enqueued
      And the worker "Ada" owns the job "pack A-1001"
      And the worker "Ada" was given up, and its job went to the worker "Grace"
      When the worker "Grace" writes the note "packed by Grace" and completes the job
      Then the job "pack A-1001" is completed
      And the only note is "packed by Grace"

    Scenario: A worker that was given up tries to complete the job
      Given the job "pack A-1001" is enqueued
      And the worker "Ada" owns the job "pack A-1001"
      And the worker "Ada" was given up, and its job went to the worker "Grace"
      When the worker "Ada" writes the note "packed by Ada" and completes the job
      Then the worker "Ada" is told that it lost the job
      And the job "pack A-1001" is running
      And there is no note
