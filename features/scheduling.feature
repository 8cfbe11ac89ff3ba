Feature: Scheduling
  A job can be enqueued for later.

  Rule: A job never runs before its time

    Background:
      Given a worker
      And the job "remind A-1001" is enqueued for ten minutes later

    Scenario: A moment too early
      When almost ten minutes pass
      Then the job "remind A-1001" is still scheduled
      And the job "remind A-1001" has no attempt

    Scenario: At its time
      When ten minutes pass
      Then the job "remind A-1001" is completed
      And the job "remind A-1001" has 1 attempt

  Rule: Nobody waits longer than necessary

    Scenario: A time that has passed is now
      Given the job "remind A-1001" is enqueued for an hour earlier
      When a worker starts
      Then the job "remind A-1001" is completed

    Scenario: A job that is due sooner is not hidden by one that is due later
      Given a worker
      And the job "remind A-1001" is enqueued for an hour later
      And the job "remind A-1002" is enqueued for ten minutes later
      When ten minutes pass
      Then the job "remind A-1002" is completed
      And the job "remind A-1001" is still scheduled

    Scenario: A job does not have to wait for others in the future
      Given the job "remind A-1001" is enqueued for an hour later
      And the job "receipt A-1002" is enqueued
      When a worker starts
      Then the job "receipt A-1002" is completed
      And the job "remind A-1001" is still scheduled

    Scenario: An operator lets a scheduled job run now
      Given a worker
      And the job "remind A-1001" is enqueued for an hour later
      When an operator retries the job "remind A-1001"
      Then the job "remind A-1001" is completed
